// @ts-check
// The one script of the Redis ledger: Redis runs it as a whole, and writes it to its file as a whole. An entry is a field of a hash, `stamp NUL open NUL at NUL value`; two
// sorted sets by `at` hold the keys of the open entries and of the others.

import { FORMAT } from "./store.js";

export const SCRIPT = `
local format, entries, open, settled = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local version = redis.call('GET', format)
if version ~= '${FORMAT}' and (version or redis.call('EXISTS', entries) == 1) then return {'version', version or ''} end

-- Not the operator: Lua compares by the server's locale.
local function is_behind(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x > y end
  end
  return #a > #b
end

local reply = {'ok'}
if ARGV[1] == 'read' then
  for i = 2, #ARGV do reply[i] = redis.call('HGET', entries, ARGV[i]) end
elseif ARGV[1] == 'write' then
  for i = 2, #ARGV, 6 do
    local was, current = ARGV[i + 1], redis.call('HGET', entries, ARGV[i])
    if was == '' then
      if current then return {'ok', 0} end
    elseif not current or string.sub(current, 1, #was + 1) ~= was .. '\\0' then
      return {'ok', 0}
    end
  end
  if not version then redis.call('SET', format, '${FORMAT}') end
  for i = 2, #ARGV, 6 do
    local key, stamp, is_open, at, value = ARGV[i], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5]
    redis.call('ZREM', open, key)
    redis.call('ZREM', settled, key)
    if stamp == '' then
      redis.call('HDEL', entries, key)
    else
      redis.call('HSET', entries, key, stamp .. '\\0' .. is_open .. '\\0' .. at .. '\\0' .. value)
      redis.call('ZADD', is_open == '1' and open or settled, at, key)
    end
  end
  reply[2] = 1
elseif ARGV[1] == 'open' then
  local limit, at, key, offset = tonumber(ARGV[2]), ARGV[3], ARGV[4], 0
  local from = at and tonumber(at)
  while #reply < 2 * limit do
    local page = redis.call('ZRANGEBYSCORE', open, at or '-inf', '+inf', 'WITHSCORES', 'LIMIT', offset, limit)
    if #page == 0 then break end
    for i = 1, #page, 2 do
      if #reply < 2 * limit and (not from or tonumber(page[i + 1]) > from or is_behind(page[i], key)) then
        reply[#reply + 1] = page[i]
        reply[#reply + 1] = redis.call('HGET', entries, page[i])
      end
    end
    offset = offset + limit
  end
else
  local gone = redis.call('ZRANGEBYSCORE', settled, '-inf', '(' .. ARGV[2], 'LIMIT', 0, ARGV[3])
  for i = 1, #gone do
    redis.call('HDEL', entries, gone[i])
    redis.call('ZREM', settled, gone[i])
  end
  reply[2] = #gone
end
return reply
`;
