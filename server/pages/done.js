// The last page of the window: tells the opener to ask the server now, and closes. Both are only a help; the widget
// finds out by itself.
(() => {
    "use strict";

    const { origins, authorizationId } = document.body.dataset;
    if (window.opener) {
        for (const origin of origins.split(" ")) {
            window.opener.postMessage({ type: "railhead:done", authorizationId }, origin);
        }
    }
    // Long enough to see what happened, short enough not to wait for it.
    setTimeout(() => window.close(), 900);
})();
