// An offer that was published is seen on the desk; the form has no second use.

const form = document.querySelector('form[data-action="publish_offer"]');
form?.addEventListener("action:done", ({ detail }) => {
  if (detail.action) location.assign(form.dataset.next);
});
