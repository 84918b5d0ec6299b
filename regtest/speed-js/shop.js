// A shop's page in miniature: Speed's client as it is, whose fixed API host is mapped to the daemon under test. Prints as
// JSON what the client sent, what it was told, and where it sent its customer.
//
//   node shop.js CLIENT BASE KEY CHECKOUT

const [client, base, key, checkout] = process.argv.slice(2);

const seen = { location: null, sent: [], answers: [], errors: [] };
// What a browser has and Node.js has not.
globalThis.self = globalThis;
globalThis.window = { location: { set href(url) { seen.location = url; } } };
console.error = (...words) => seen.errors.push(words.map(String).join(" "));

const ask = globalThis.fetch;
globalThis.fetch = async (url, options) => {
  const asked = new URL(url);
  seen.sent.push({ host: asked.host, path: asked.pathname, ...options });
  const answer = await ask(base + asked.pathname, options);
  seen.answers.push({ status: answer.status, body: await answer.clone().json() });
  return answer;
};

const { Speed } = require(client);
new Speed(key).createCheckoutSession(JSON.parse(checkout));
process.on("exit", () => process.stdout.write(JSON.stringify(seen)));
