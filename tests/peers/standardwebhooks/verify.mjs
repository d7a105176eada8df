// Reads [{secret, headers, body}] from the standard input and prints, for each, whether the published library accepts it.
import { Webhook } from 'standardwebhooks';

let input = '';
for await (const chunk of process.stdin) input += chunk;
const accepted = JSON.parse(input).map(({ secret, headers, body }) => {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch (error) {
    if (error.constructor.name === 'WebhookVerificationError') return false;
    throw error;
  }
});
console.log(JSON.stringify(accepted));
