// Copies the text beside the button; where the browser keeps its clipboard closed, the text is selected instead.
async function copy(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = button.parentElement.querySelector("code");
  const words = button.textContent;
  try {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = words; }, 1600);
  } catch {
    window.getSelection().selectAllChildren(text);
  }
}

document.addEventListener("click", copy);
