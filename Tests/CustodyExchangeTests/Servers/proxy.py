"""A proxy that keeps every byte it is sent before its tunnel stands, and every byte that goes through it.

usage: proxy.py MANNER [PORT]     MANNER: tunnel (to PORT of this machine, whatever was asked for), or one of ANSWERS
prints its port; for each line of standard input prints what it has, as JSON: {"connections", "greetings", "tunnelled"}, base64
"""
import base64, json, socket, sys, threading, time

PAGE = b"<html>sign in to the proxy</html>"
ANSWERS = {
    "407": b'HTTP/1.1 407 X\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 33\r\n\r\n' + PAGE,
    "403": b"HTTP/1.1 403 X\r\nContent-Length: 33\r\n\r\n" + PAGE,
    "302": b"HTTP/1.1 302 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    "502": b"HTTP/1.1 502 X\r\nContent-Length: 33\r\n\r\n" + PAGE,
    "page": b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\nContent-Length: 33\r\n\r\n" + PAGE,
    "noise": b"220 mail.example ESMTP\r\n",
    "long": b"HTTP/1.1 200 X\r\n" + b"X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n" * 100_000,
    "close": b"",
    "silent": None,
}
manner = sys.argv[1]
seen = dict(connections=0, greetings=[], tunnelled=[])


def pump(source, sink, keep):
    try:
        while data := source.recv(65536):
            if keep:
                seen["tunnelled"].append(base64.b64encode(data).decode())
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def serve(client):
    greeting = b""
    while b"\r\n\r\n" not in greeting and (data := client.recv(65536)):
        greeting += data
    seen["greetings"].append(base64.b64encode(greeting).decode())
    if manner == "tunnel":
        target = socket.create_connection(("127.0.0.1", int(sys.argv[2])))
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        threading.Thread(target=pump, args=(target, client, False), daemon=True).start()
        return pump(client, target, True)
    answer = ANSWERS[manner]
    if answer is None:
        time.sleep(60)
    try:
        client.sendall(answer)
        client.shutdown(socket.SHUT_WR)
        while data := client.recv(65536):
            seen["tunnelled"].append(base64.b64encode(data).decode())
    except OSError:
        pass
    client.close()


def accept(listener):
    while True:
        client, _ = listener.accept()
        seen["connections"] += 1
        threading.Thread(target=serve, args=(client,), daemon=True).start()


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
threading.Thread(target=accept, args=(listener,), daemon=True).start()
for line in sys.stdin:
    print(json.dumps(seen), flush=True)
