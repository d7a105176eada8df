// The hosted page: opens its link, which makes this browser the one that keeps it, and shows the widget. Previews of
// messages run no scripts, so they leave the link as it is.
(() => {
    "use strict";

    const words = JSON.parse(document.body.dataset.words);
    const say = (heading, text) => {
        const notice = document.querySelector("main");
        notice.querySelector("h1").textContent = heading;
        notice.querySelector("p").textContent = text;
        notice.hidden = false;
        document.querySelector("#connect").remove();
    };

    const open = async () => {
        const answer = await fetch(location.pathname, { method: "POST" });
        const content = await answer.json();
        if (!answer.ok) {
            if (content.code === "session_expired") {
                say(words.over, words.gone);
            } else {
                say(words.stuck, words.stuckText);
            }
            return;
        }
        const { widgetId, sessionToken, locale } = content;
        await window.Railhead.init(widgetId, null, { container: "#connect", sessionToken, ...(locale && { locale }) });
    };

    open().catch((error) => {
        console.error(error);
        say(words.offline, words.offlineText);
    });
})();
