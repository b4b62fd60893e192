"""Open-loop visitors: a new connection per request, at a Poisson rate, whatever the server does."""
import asyncio, random, sys, time
PORT, RATE, LASTS = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
luck = random.Random(PORT)
PATHS = [("/", 20), ("/health-care/", 12), ("/disability/file-claim/", 10), ("/education/", 8), ("/old/page.asp", 0.4),
  ("/v0/facilities/va?bbox[]=-77&page=1", 12), ("/v0/claims", 9), ("/v0/claims/{n}", 5),
  ("/v0/gi/institutions/search?name=state", 7), ("/v0/prescriptions", 2.5)]
AGENTS = [
 ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/70.0.3538.77 Safari/537.36", 30),
 ("Mozilla/5.0 (Linux; Android 8.0.0; SM-G960U) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/70.0.3538.80 Mobile Safari/537.36", 9),
 ("Mozilla/5.0 (iPhone; CPU iPhone OS 12_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.0 Mobile/15E148 Safari/604.1", 18),
 ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_1) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.0.1 Safari/605.1.15", 6),
 ("Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko", 21),
 ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:63.0) Gecko/20100101 Firefox/63.0", 8),
 ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/64.0.3282.140 Safari/537.36 Edge/17.17134", 6),
 ("Googlebot/2.1 (+http://www.google.com/bot.html)", 1.5), ("curl/7.61.0", 0.5)]
async def request():
    path = luck.choices([p for p, _ in PATHS], [w for _, w in PATHS])[0].replace("{n}", str(luck.randrange(10**6)))
    agent = luck.choices([a for a, _ in AGENTS], [w for _, w in AGENTS])[0]
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: {agent}\r\nConnection: close\r\n\r\n".encode())
        try: await asyncio.wait_for(reader.read(-1), 11)
        except asyncio.TimeoutError: pass
        writer.close()
    except OSError: pass
async def main():
    start = at = time.time(); tasks = set()
    while at < start + LASTS:
        at += luck.expovariate(RATE)
        await asyncio.sleep(max(0, at - time.time()))
        task = asyncio.ensure_future(request()); tasks.add(task); task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)
asyncio.run(main())
