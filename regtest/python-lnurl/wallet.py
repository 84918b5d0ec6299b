"""A wallet that is not ours: the `lnurl` package from the Python registry, as its users call it.

    python_wallet.py info  LNURL            prints the withdraw request as JSON
    python_wallet.py claim LNURL INVOICE    calls back with the invoice
"""

import asyncio
import json
import sys

import lnurl


async def main() -> None:
    verb, code, *rest = sys.argv[1:]
    withdraw = await lnurl.handle(code)
    if isinstance(withdraw, lnurl.LnurlErrorResponse):
        print(json.dumps({"error": withdraw.reason}))
        return
    if verb == "info":
        print(withdraw.json())
        return
    done = await lnurl.execute_withdraw(withdraw, rest[0])
    if isinstance(done, lnurl.LnurlErrorResponse):
        print(json.dumps({"error": done.reason}))
    else:
        print(json.dumps({"ok": True}))


try:
    asyncio.run(main())
except lnurl.exceptions.LnurlResponseException as error:
    print(json.dumps({"error": str(error)}))
