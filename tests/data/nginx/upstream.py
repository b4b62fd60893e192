"""A small upstream: quiet on 18081; on 18082 slow for three minutes, then errors for two."""
import asyncio, random, sys, time, datetime
START = time.time()
ONSET, SLOW, ERRORS = float(sys.argv[1]), 180.0, 120.0
TIMES = {"/v0/facilities": 0.12, "/v0/claims": 0.18, "/v0/gi": 0.08, "/v0/prescriptions": 0.2}

def phase(now):
    since = now - START - ONSET
    if since < 0 or since >= SLOW + ERRORS: return "well"
    return "slow" if since < SLOW else "errors"

def say(text):
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
    print(now, text, flush=True)

def serve(faulty):
    luck = random.Random(7 if faulty else 8)
    async def client(reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1].decode("latin-1")
                median = next((t for p, t in TIMES.items() if path.startswith(p)), 0.012)
                takes = median * luck.lognormvariate(0, 0.6)
                state = phase(time.time()) if faulty else "well"
                status, size = b"200 OK", int(luck.lognormvariate(8.3, 0.8)) + 200
                if state == "slow": takes += 6.0 * luck.lognormvariate(0, 0.35)
                if luck.random() < 0.0004: status = b"500 Internal Server Error"
                if path.startswith("/old/"): status = b"404 Not Found"
                await asyncio.sleep(takes)
                if state == "errors":
                    draw = luck.random()
                    if draw < 0.55: status = b"500 Internal Server Error"
                    elif draw < 0.8: writer.close(); return
                body = b"x" * size
                writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: %d\r\n\r\n" % size + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError): pass
        finally: writer.close()
    return client

async def main():
    await asyncio.start_server(serve(False), "127.0.0.1", 18081, backlog=512)
    await asyncio.start_server(serve(True), "127.0.0.1", 18082, backlog=512)
    await asyncio.sleep(max(0, START + ONSET - time.time())); say("slow begins")
    await asyncio.sleep(max(0, START + ONSET + SLOW - time.time())); say("slow ends, errors begin")
    await asyncio.sleep(max(0, START + ONSET + SLOW + ERRORS - time.time())); say("errors end")
    await asyncio.sleep(36000)
asyncio.run(main())
