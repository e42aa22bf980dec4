// Shows the banner when the server says that the page has changed. Nothing else; no page needs it.
const banner = document.querySelector("[data-events]");
if (banner) {
  const source = new EventSource(banner.dataset.events);
  source.addEventListener("changed", () => {
    banner.firstElementChild.hidden = false;
    source.close();
  });
  addEventListener("pagehide", () => source.close());
}
