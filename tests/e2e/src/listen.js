// Keeps what live regions say, in every open shadow root there is or will be: changed text of a region that was there
// before it changed, is rendered, and is not hidden from assistive technology.
window.readOut = [];
const LIVE = '[aria-live=polite], [aria-live=assertive], [role=status], [role=alert]';
const told = (region) => region.checkVisibility() && !region.closest('[aria-hidden=true], [inert]');
const heard = (changes) => {
  const regions = new Set();
  for (const { target } of changes) {
    const region = (target.nodeType === Node.TEXT_NODE ? target.parentElement : target)?.closest(LIVE);
    if (region) regions.add(region);
  }
  for (const region of regions) {
    const text = region.textContent.replace(/\s+/g, ' ').trim();
    if (text && told(region) && window.readOut.at(-1) !== text) window.readOut.push(text);
  }
};
const watched = new WeakSet();
const watch = (root) => {
  if (watched.has(root)) return;
  watched.add(root);
  new MutationObserver((changes) => { heard(changes); search(root); })
    .observe(root, { childList: true, subtree: true, characterData: true });
  search(root);
};
const search = (root) => {
  for (const element of root.querySelectorAll('*')) if (element.shadowRoot) watch(element.shadowRoot);
};
watch(document.documentElement);
