"""One interface for both clients of the official Python SDK, so that the same tests cover both: it awaits the
asynchronous client, and records each method that has returned."""

import asyncio
import inspect

from agentphone import AgentPhone, AsyncAgentPhone


class Resource:
    def __init__(self, client, name):
        self._client, self._name = client, name

    def __getattr__(self, method):
        function = getattr(getattr(self._client.sdk, self._name), method)

        def call(*args, **kwargs):
            answer = self._client.settle(function(*args, **kwargs))
            self._client.called.add(f"{self._name}.{method}")
            return answer

        return call


class Client:
    """A client that records its calls. `kind` is "sync" or "async"."""

    def __init__(self, kind, url, key):
        self.called = set()
        self._loop = asyncio.new_event_loop() if kind == "async" else None
        self.sdk = (AsyncAgentPhone if self._loop else AgentPhone)(api_key=key, base_url=url)

    def __getattr__(self, resource):
        return Resource(self, resource)

    def settle(self, answer):
        if inspect.isasyncgen(answer):
            return self._loop.run_until_complete(collect(answer))
        if inspect.isawaitable(answer):
            return self._loop.run_until_complete(answer)
        return list(answer) if inspect.isgenerator(answer) else answer

    def methods(self):
        """Every method of every resource of the SDK."""
        for name, resource in vars(self.sdk).items():
            if type(resource).__name__.endswith("Resource"):
                for method, _ in inspect.getmembers(resource, callable):
                    if not method.startswith("_"):
                        yield f"{name}.{method}"

    def close(self):
        self.settle(self.sdk.close())
        if self._loop:
            self._loop.close()


async def collect(generator):
    return [item async for item in generator]
