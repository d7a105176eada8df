// The start page's side of the handshake. It knows nothing but the origins its opener may have: the page that opened
// it proves itself with a nonce, the server answers with the service's address.
(() => {
    "use strict";

    const page = document.body;
    const origins = page.dataset.origins.split(" ");
    // The page asks the person instead of an opener: the widget's own tab has come here.
    const { authorizationId: asked } = page.dataset;
    const go = document.querySelector("#go");
    let started = false;

    const say = (heading, text) => {
        page.className = "notice";
        document.title = heading;
        document.querySelector("h1").textContent = heading;
        const paragraph = document.createElement("p");
        paragraph.textContent = text;
        document.querySelector(".text").replaceChildren(paragraph);
        document.querySelector(".note")?.remove();
        go?.remove();
    };

    const back = asked
        ? "Go back to the page you came from and press the button again."
        : "Close this window, go back to the page you came from and press the button again.";
    const reasons = {
        authorization_not_open: ["This is over already", back],
        service_not_offered: ["This service can't be connected right now", "Close this window and choose another one."],
    };

    const start = async ({ authorizationId, nonce }) => {
        try {
            const answer = await fetch("/v1/connect/start", {
                method: "POST",
                body: JSON.stringify({ authorizationId, nonce }),
            });
            const content = await answer.json();
            if (answer.ok) {
                location.replace(content.location);
                return;
            }
            say(...(reasons[content.code] ?? ["This window can't go on", back]));
        } catch {
            say("The page can't be reached", `Check your connection. ${back}`);
        }
        started = false;
    };

    if (asked) {
        // Neither a server nor a log sees this part of the address; it works in one browser.
        const nonce = location.hash.slice(1);
        if (!nonce) {
            say("Go back and press the button again", "This address is not complete.");
            return;
        }
        go.disabled = false;
        go.addEventListener("click", async () => {
            go.disabled = true;
            await start({ authorizationId: asked, nonce });
            go.disabled = false;
        });
        // Back from the service by the browser's own button: the page may be the one that was left.
        addEventListener("pageshow", () => (go.disabled = false));
        return;
    }

    if (!window.opener) {
        say(
            "This window is on its own",
            "It can’t reach the page you came from. Close it and choose “Continue in this tab” there.",
        );
        return;
    }

    addEventListener("message", (event) => {
        const message = event.data;
        const expected =
            event.source === window.opener &&
            origins.includes(event.origin) &&
            message?.type === "railhead:start" &&
            typeof message.authorizationId === "string" &&
            typeof message.nonce === "string";
        if (expected && !started) {
            started = true;
            start(message);
        }
    });

    // Exact origins only: a page of any other origin learns nothing, not even that this one is ready. Where the browser
    // says who opened the window, the others need not be tried; each would be noted on the opener's console.
    const referrer = document.referrer && new URL(document.referrer).origin;
    const candidates = origins.includes(referrer) ? [referrer] : origins;
    for (const origin of candidates) {
        window.opener.postMessage({ type: "railhead:ready" }, origin);
    }
})();
