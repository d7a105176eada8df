// The start page's side of the handshake. It knows nothing but the origins its opener may have: the page that opened
// it proves itself with a nonce, the server answers with the service's address.
(() => {
    "use strict";

    const page = document.body;
    const origins = page.dataset.origins.split(" ");
    // The page asks the person instead of an opener: the widget's own tab has come here.
    const { authorizationId: asked } = page.dataset;
    const go = document.querySelector("#go");
    const words = JSON.parse(page.dataset.words);
    let started = false;

    const say = (heading, ...texts) => {
        page.className = "notice";
        document.title = heading;
        document.querySelector("h1").textContent = heading;
        const paragraphs = texts.map((text) => {
            const paragraph = document.createElement("p");
            paragraph.textContent = text;
            return paragraph;
        });
        document.querySelector(".text").replaceChildren(...paragraphs);
        document.querySelector(".note")?.remove();
        go?.remove();
    };

    const reasons = {
        authorization_not_open: [words.over, words.again],
        service_not_offered: [words.gone, words.goneText],
    };

    const start = async ({ authorizationId, nonce }) => {
        try {
            const answer = await fetch("/v1/connect/start", {
                method: "POST",
                body: JSON.stringify({ authorizationId, nonce, locale: document.documentElement.lang }),
            });
            const content = await answer.json();
            if (answer.ok) {
                location.replace(content.location);
                return;
            }
            say(...(reasons[content.code] ?? [words.stuck, words.again]));
        } catch {
            say(words.offline, words.offlineText, words.again);
        }
        started = false;
    };

    if (asked) {
        // Neither a server nor a log sees this part of the address; it works in one browser.
        const nonce = location.hash.slice(1);
        if (!nonce) {
            say(words.lost, words.lostText);
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
        say(words.alone, words.aloneText);
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
