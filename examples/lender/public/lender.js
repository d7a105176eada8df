// What the lender's page does with the widget: the button opens it, and the page takes note of a connection.

const button = document.getElementById('connect');
const status = document.getElementById('status');

function say(text) {
  status.textContent = text;
  status.hidden = false;
}

const connect = await window.Railhead?.started;

if (connect) {
  button.addEventListener('click', () => connect.open());
  connect.on('connect', ({ account }) => say(account ? `${account.name} is connected. Thank you.` : 'Your books are connected. Thank you.'));
} else {
  button.disabled = true;
  say('Connecting isn’t possible at the moment. Please call us on (503) 555-0142.');
}
