"""A token server that does as it is told, mostly badly.

usage: bad_token_server.py [--host HOST] [--tls CERT KEY] [--only TLSv1_1]
prints its port and the port of its control; serves until standard input ends

A request's path is a name that the test chose. Before it, the test POSTs to /script/NAME of the control what the answer is to be:
{"status", "headers": [[name, value]], "body": base64, "behave": see ACTS, "gzip": bool, "delay": seconds}, or a list of such
GET /seen/NAME there gives, as base64, the bytes of each request that came to /NAME; GET /tally counts connections, TLS handshakes
and bytes of requests, and names the protocols that TLS settled on. Standard library only.
"""
import argparse, base64, gzip, json, socket, socketserver, ssl, sys, threading, time

scripts, seen = {}, {}
tally = {"connections": 0, "handshakes": 0, "bytes": 0, "protocols": []}
stop = threading.Event()


class Request(socketserver.StreamRequestHandler):
    def read(self):
        head = b""
        if self.rfile.peek(1)[:1] == b"\x16":  # a TLS greeting, to a server that speaks plain HTTP
            return None, None, None
        while not head.endswith(b"\r\n\r\n"):
            line = self.rfile.readline(65537)
            self.count(line)
            if not line:
                return None, None, None
            head += line
        length = 0
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        body = self.rfile.read(length)
        self.count(body)
        return head.split(b" ")[1].decode(), head, body

    def count(self, some):
        pass

    def reply(self, status, headers, body, length=None):
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body) if length is None else length}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers]
        self.wfile.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)


class Control(Request):
    def handle(self):
        path, _, body = self.read()
        if path.startswith("/script/"):
            scripts[path[len("/script"):]] = json.loads(body)
            return self.reply(200, [], b"{}")
        if path.startswith("/seen/"):
            wire = [base64.b64encode(w).decode() for w in seen.get(path[len("/seen"):], [])]
            return self.reply(200, [], json.dumps(wire).encode())
        self.reply(200, [], json.dumps(tally).encode())


class Answer(Request):
    def count(self, some):
        tally["bytes"] += len(some)

    def handle(self):
        try:
            path, head, body = self.read()
            if path is None:
                return
            seen.setdefault(path, []).append(head + body)
            script = scripts.get(path, {"status": 404})
            if isinstance(script, list):  # one after the other; the last one stays
                script = script.pop(0) if len(script) > 1 else script[0]
            stop.wait(script.get("delay", 0))
            body, headers = base64.b64decode(script.get("body", "")), script.get("headers", [])
            if script.get("gzip"):
                body, headers = gzip.compress(body), headers + [["Content-Encoding", "gzip"]]
            ACTS[script.get("behave")](self, script.get("status"), headers, body)
        except (ConnectionError, ssl.SSLError, TimeoutError):
            pass

    def silent(self, status, headers, body):
        stop.wait(20)

    def drip(self, status, headers, body):
        self.reply(status, headers, b"", length=10_000)
        self.again_and_again(b" ", 0.1)

    def endless(self, status, headers, body):
        self.wfile.write(b"HTTP/1.1 200 X\r\nConnection: close\r\n\r\n")
        for _ in range(10 * 16):
            self.wfile.write(b" " * 65536)

    def chunks(self, status, headers, body):
        self.wfile.write(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n")
        self.again_and_again(b"10000\r\n" + b" " * 65536 + b"\r\n", 0)

    def many_headers(self, status, headers, body):
        self.wfile.write(b"HTTP/1.1 200 X\r\n")
        for number in range(100_000):
            self.wfile.write(b"X-%d: %s\r\n" % (number, b"y" * 1000))

    def bomb(self, status, headers, body):
        """32 MiB of spaces, compressed for the transfer, which nobody asked for."""
        packed = gzip.compress(b" " * (32 << 20))
        self.wfile.write(b"HTTP/1.1 200 X\r\nTransfer-Encoding: gzip, chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed))

    def again_and_again(self, some, pause):
        while not stop.is_set():
            self.wfile.write(some)
            time.sleep(pause)


ACTS = {
    None: lambda a, status, headers, body: a.reply(status, headers, body),
    "raw": lambda a, status, headers, body: a.wfile.write(body),
    "raw-forever": lambda a, status, headers, body: a.again_and_again(body, 0),
    "close": lambda a, status, headers, body: None,
    "truncate": lambda a, status, headers, body: a.reply(status, headers, body, length=len(body) + 100),
    "silent": Answer.silent, "drip": Answer.drip, "endless": Answer.endless, "chunks": Answer.chunks,
    "headers": Answer.many_headers, "bomb": Answer.bomb,
}


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    context = None

    def __init__(self, host, answer):
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, 0), answer)

    def finish_request(self, request, address):
        request.settimeout(25)
        if self.RequestHandlerClass is Answer:
            tally["connections"] += 1
        if self.context:
            try:
                request = self.context.wrap_socket(request, server_side=True)
            except (ssl.SSLError, OSError):
                return
            tally["handshakes"] += 1
            tally["protocols"].append([request.version(), request.selected_alpn_protocol()])
        super().finish_request(request, address)

    def handle_error(self, request, address):
        pass


options = argparse.ArgumentParser()
options.add_argument("--host", default="127.0.0.1")
options.add_argument("--tls", nargs=2)
options.add_argument("--only")
options = options.parse_args()
server, control = Server(options.host, Answer), Server("127.0.0.1", Control)
if options.tls:
    server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.context.load_cert_chain(*options.tls)
    server.context.set_alpn_protocols(["h2", "http/1.1"])
    if options.only:
        server.context.set_ciphers("ALL:@SECLEVEL=0")
        server.context.minimum_version = server.context.maximum_version = ssl.TLSVersion[options.only]
for one in (server, control):
    threading.Thread(target=one.serve_forever, daemon=True).start()
print(f"{server.server_address[1]} {control.server_address[1]}", flush=True)
sys.stdin.read()
stop.set()
