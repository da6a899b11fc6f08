"""A token server that does as it is told, mostly badly.

usage: bad_token_server.py [CERT KEY]     prints its port; serves until standard input ends

A request's path is a name that the test chose. Before it, the test POSTs to /script/NAME what the answer is to be, as JSON:
{"status", "headers": [[name, value]], "body": base64, "behave": "drip" | "silent" | "close" | "truncate" | "endless", "gzip": bool, "delay": seconds}, or a list of such
GET /seen/NAME gives, as base64, the bytes of each request that came to /NAME. Standard library only.
"""
import base64, gzip, json, socketserver, ssl, sys, threading, time

TOKEN = {"status": 200, "body": base64.b64encode(b'{"access_token":"at-tls","expires_in":3600}').decode()}
scripts, seen = {"/echo-token": TOKEN}, {}
stop = threading.Event()


def read_request(file):
    head = b""
    if file.peek(1)[:1] == b"\x16":  # a TLS greeting, to a server that speaks plain HTTP
        return None, None, None
    while not head.endswith(b"\r\n\r\n"):
        line = file.readline(65537)
        if not line:
            return None, None, None
        head += line
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return head.split(b" ")[1].decode(), head, file.read(length)


class Answer(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            path, head, body = read_request(self.rfile)
            if path is None:
                return
            if path.startswith("/script/"):
                scripts[path[len("/script"):]] = json.loads(body)
                return self.reply(200, [], b"{}")
            if path.startswith("/seen/"):
                wire = [base64.b64encode(w).decode() for w in seen.get(path[len("/seen"):], [])]
                return self.reply(200, [], json.dumps(wire).encode())
            seen.setdefault(path, []).append(head + body)
            if path.startswith("/go-"):  # a TLS server takes no script: /go-PORT redirects there
                return self.reply(308, [["Location", f"https://localhost:{int(path[4:])}/echo-token"]], b"")
            script = scripts.get(path, {"status": 404})
            if isinstance(script, list):  # one after the other; the last one stays
                script = script.pop(0) if len(script) > 1 else script[0]
            self.act(script)
        except (ConnectionError, ssl.SSLError, TimeoutError):
            pass

    def reply(self, status, headers, body, length=None):
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body) if length is None else length}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers]
        self.wfile.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    def act(self, script):
        body = base64.b64decode(script.get("body", ""))
        headers, behave = script.get("headers", []), script.get("behave")
        if script.get("gzip"):
            body, headers = gzip.compress(body), headers + [["Content-Encoding", "gzip"]]
        stop.wait(script.get("delay", 0))
        if behave == "silent":
            stop.wait(20)
        elif behave == "close":
            return
        elif behave == "truncate":
            self.reply(script["status"], headers, body, length=len(body) + 100)
        elif behave == "drip":
            self.reply(script["status"], headers, b"", length=10_000)
            while not stop.is_set():
                self.wfile.write(b" ")
                time.sleep(0.1)
        elif behave == "endless":
            self.wfile.write(b"HTTP/1.1 200 X\r\nConnection: close\r\n\r\n")
            for _ in range(10 * 16):
                self.wfile.write(b" " * 65536)
        elif behave == "headers":
            self.wfile.write(b"HTTP/1.1 200 X\r\n")
            for number in range(100_000):
                self.wfile.write(b"X-%d: %s\r\n" % (number, b"y" * 1000))
        else:
            self.reply(script["status"], headers, body)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    context = None

    def finish_request(self, request, address):
        request.settimeout(25)
        if self.context:
            try:
                request = self.context.wrap_socket(request, server_side=True)
            except (ssl.SSLError, OSError):
                return
        super().finish_request(request, address)

    def handle_error(self, request, address):
        pass


server = Server(("127.0.0.1", 0), Answer)
if len(sys.argv) == 3:
    Server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    Server.context.load_cert_chain(sys.argv[1], sys.argv[2])
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
stop.set()
