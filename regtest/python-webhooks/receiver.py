"""A merchant's webhook receiver that is not ours: the `standardwebhooks` package from the Python registry.

It prints the port it listens on, reads a line with what the API calls `secret`, and then prints one line of JSON for
each message. A message that the package takes is answered 204, any other 400.
"""

import http.server
import json
import sys

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            event = webhook.verify(body, headers)
            said, status = {"event": event, "headers": headers, "body": body.decode()}, 204
        except WebhookVerificationError as error:
            said, status = {"refused": str(error)}, 400
        print(json.dumps(said), flush=True)
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_port, flush=True)
webhook = Webhook(sys.stdin.readline().strip().removeprefix("wsec_"))
server.serve_forever()
