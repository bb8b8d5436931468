// Prints a list of calls as JSON, as a handwritten script would.
const { AGENTPHONE_API_KEY: key, AGENTPHONE_BASE_URL: url } = process.env;
const response = await fetch(`${url}/v1/calls`, { headers: { authorization: `Bearer ${key}` } });
process.stdout.write(`${JSON.stringify(await response.json())}\n`);
