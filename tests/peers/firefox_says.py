"""What Debian's Firefox makes of an expression of JavaScript in an empty page: it is read from standard input, and its value is
printed as JSON.
"""

import asyncio
import sys

from firefox_end import firefox


async def main():
    async with firefox() as page:
        await page.open("about:blank")
        print(await page.until(f"JSON.stringify({sys.stdin.read()})"))


asyncio.run(main())
