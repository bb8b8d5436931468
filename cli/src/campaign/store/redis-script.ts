// The operations of the Redis store, as Lua scripts, because only a script is atomic in the server.
//
// Keys of a campaign, with one hash tag, so that a cluster keeps them in one slot:
//   …:campaign   hash: id, state, reason, settings, plan and times
//   …:people     hash: seq → the person as JSON
//   …:recipients hash: recipient → seq
//   …:S:STATE    sorted set of seqs by seq: people in a state
//   …:due:NUMBER sorted set of seqs by due time: people waiting for a place of a number
//   …:leases     sorted set of seqs by the end of the lease: people being placed
//   …:busy       hash: number → people who occupy a place of it, except those in doubt
//   …:doubts     sorted set of `number seq` by the time when the place is free again

/** Helpers at the start of each script. `base` is the key without its last part. */
const HELPERS = `
local base = KEYS[1]
local function key(name) return base .. ':' .. name end
local function load(seq)
  local text = redis.call('HGET', key('people'), seq)
  return text and cjson.decode(text)
end
local function places(state) return state == 'placing' or state == 'placed' end
-- Takes a person out of the sets of the old state and puts them into those of the new one.
local function move(person, before)
  local seq = tostring(person.seq)
  if before then
    redis.call('ZREM', key('S:' .. before.state), seq)
    redis.call('ZREM', key('due:' .. before.numberId), seq)
    redis.call('ZREM', key('leases'), seq)
    redis.call('ZREM', key('doubts'), before.numberId .. ' ' .. seq)
    if places(before.state) then redis.call('HINCRBY', key('busy'), before.numberId, -1) end
  end
  redis.call('HSET', key('people'), seq, cjson.encode(person))
  redis.call('ZADD', key('S:' .. person.state), person.seq, seq)
  if person.state == 'waiting' then redis.call('ZADD', key('due:' .. person.numberId), person.dueAt, seq) end
  if person.state == 'placing' then redis.call('ZADD', key('leases'), person.dueAt, seq) end
  if person.state == 'doubt' then redis.call('ZADD', key('doubts'), person.dueAt, person.numberId .. ' ' .. seq) end
  if places(person.state) then redis.call('HINCRBY', key('busy'), person.numberId, 1) end
  if person.placedAt > 0 then redis.call('ZADD', key('placed'), person.placedAt, seq) end
end
`;

/** ARGV: people as JSON, now. Returns 1 or 0 for each: whether the recipient is new. */
export const ADD = `${HELPERS}
if redis.call('HGET', key('campaign'), 'state') ~= 'draft' then return redis.error_reply('NODRAFT') end
local people = cjson.decode(ARGV[1])
local new = {}
local last = tonumber(redis.call('HGET', key('campaign'), 'lastSeq'))
for at, text in ipairs(people) do
  last = last + 1
  local person = cjson.decode(text)
  if redis.call('HSETNX', key('recipients'), person.recipient, last) == 1 then
    person.seq = last
    local numbers = cjson.decode(ARGV[3])
    person.numberId = #numbers > 0 and numbers[(last % #numbers) + 1] or ''
    move(person)
    new[at] = 1
  else
    new[at] = 0
  end
end
redis.call('HSET', key('campaign'), 'lastSeq', last, 'workerAt', ARGV[2])
return new
`;

/** Returns the occupied places of each number. */
const BUSY = `
local busy = redis.call('HGETALL', key('busy'))
for _, member in ipairs(redis.call('ZRANGEBYSCORE', key('doubts'), '(' .. ARGV[1], '+inf')) do
  busy[#busy + 1] = string.match(member, '^(.*) %d+$')
  busy[#busy + 1] = '1'
end
`;

/**
 * ARGV: now, seq, token, end of the lease, places of the person's number (-1: no limit). Returns the person as before, the state
 * of the campaign, and 1 if the person is now being placed.
 */
export const TAKE = `${HELPERS}
local campaign = redis.call('HMGET', key('campaign'), 'state', 'slowUntil')
local person = load(ARGV[2])
if not campaign[1] or not person then return {} end
local now = tonumber(ARGV[1])
local function isFree()
  if person.dueAt > now then return false end
  if person.state == 'placing' then return true end
  if person.state ~= 'waiting' or campaign[1] ~= 'running' or tonumber(campaign[2]) > now then return false end
  local most = tonumber(ARGV[5])
  if most < 0 then return true end
  ${BUSY}
  local taken = 0
  for at = 1, #busy, 2 do
    if busy[at] == person.numberId then taken = taken + tonumber(busy[at + 1]) end
  end
  return taken < most
end
local before = cjson.decode(cjson.encode(person))
if not isFree() then return { cjson.encode(before), campaign[1], '0' } end
person.state = 'placing'
person.token = ARGV[3]
person.dueAt = tonumber(ARGV[4])
person.updatedAt = now
move(person, before)
return { cjson.encode(before), campaign[1], '1' }
`;

/**
 * ARGV: now, until, maximum people, numbers as JSON, places per number (-1: no limit). Returns the number of people whose worker
 * died, followed by them and by waiting people, no more of a number than it has free places.
 */
export const DUE = `${HELPERS}
${BUSY}
local taken = {}
for at = 1, #busy, 2 do taken[busy[at]] = (taken[busy[at]] or 0) + tonumber(busy[at + 1]) end
local limit = tonumber(ARGV[3])
local found = redis.call('ZRANGEBYSCORE', key('leases'), '-inf', ARGV[1], 'LIMIT', 0, limit)
local lapsed = #found
local most = tonumber(ARGV[5])
local waiting = {}
for _, number in ipairs(cjson.decode(ARGV[4])) do
  local room = most < 0 and limit or math.min(limit, most - (taken[number] or 0))
  if room > 0 then
    local due = redis.call('ZRANGEBYSCORE', key('due:' .. number), '-inf', ARGV[2], 'WITHSCORES', 'LIMIT', 0, room)
    for at = 1, #due, 2 do waiting[#waiting + 1] = { tonumber(due[at + 1]), tonumber(due[at]) } end
  end
end
table.sort(waiting, function (one, other)
  if one[1] == other[1] then return one[2] < other[2] end
  return one[1] < other[1]
end)
for at = 1, math.min(limit, #waiting) do found[#found + 1] = tostring(waiting[at][2]) end
local people = { tostring(lapsed) }
for _, seq in ipairs(found) do people[#people + 1] = redis.call('HGET', key('people'), seq) end
return people
`;

/** ARGV: changes as JSON, now. Returns 1 or 0 for each: whether the change was applied. */
export const RECORD = `${HELPERS}
local done = {}
for at, text in ipairs(cjson.decode(ARGV[1])) do
  local change = cjson.decode(text)
  local person = load(tostring(change.seq))
  done[at] = 0
  local isNext = person and (not change.round or person.round == change.round - 1)
  if isNext and person.state == change.was and person.token == change.token then
    local before = cjson.decode(cjson.encode(person))
    for name, value in pairs(change) do
      if name ~= 'was' and name ~= 'seq' then person[name] = value end
    end
    person.token = ''
    person.updatedAt = tonumber(ARGV[2])
    move(person, before)
    done[at] = 1
  end
end
return done
`;

/** ARGV: state, now, maximum people. Returns how many were moved; 0: none are left. */
export const RETRY = `${HELPERS}
local seqs = redis.call('ZRANGE', key('S:' .. ARGV[1]), 0, tonumber(ARGV[3]) - 1)
for _, seq in ipairs(seqs) do
  local person = load(seq)
  local before = cjson.decode(cjson.encode(person))
  local past = cjson.decode(person.history)
  past[#past + 1] = { round = person.round, state = person.state, reason = person.reason, resultId = person.resultId, at = person.updatedAt }
  person.history = cjson.encode(past)
  person.state = 'waiting'
  person.reason = cjson.null
  person.resultId = cjson.null
  person.seconds = cjson.null
  person.round = person.round + 1
  person.tries = 0
  person.dueAt = 0
  person.placedAt = 0
  person.token = ''
  person.updatedAt = tonumber(ARGV[2])
  redis.call('ZREM', key('placed'), seq)
  move(person, before)
end
return #seqs
`;

/** ARGV: the settings as they were read, the new ones. Returns 1 if they had not changed meanwhile. */
export const SETTINGS = `${HELPERS}
if redis.call('HGET', key('campaign'), 'settings') ~= ARGV[1] then return 0 end
redis.call('HSET', key('campaign'), 'settings', ARGV[2])
return 1
`;

/** ARGV: numbers as JSON, limit. Returns people waiting for them. */
export const WAITING = `${HELPERS}
local found = {}
for _, number in ipairs(cjson.decode(ARGV[1])) do
  local room = tonumber(ARGV[2]) - #found
  if room <= 0 then break end
  for _, seq in ipairs(redis.call('ZRANGE', key('due:' .. number), 0, room - 1)) do
    found[#found + 1] = redis.call('HGET', key('people'), seq)
  end
end
return found
`;

/** ARGV: now, maximum people. Returns how many were moved. */
export const ABANDON = `${HELPERS}
local seqs = redis.call('ZRANGE', key('S:waiting'), 0, tonumber(ARGV[2]) - 1)
for _, seq in ipairs(seqs) do
  local person = load(seq)
  local before = cjson.decode(cjson.encode(person))
  person.state = 'skipped'
  person.reason = 'stopped'
  person.updatedAt = tonumber(ARGV[1])
  move(person, before)
end
return #seqs
`;

/** ARGV: states as JSON, after, limit. Returns people by seq. */
export const PEOPLE = `${HELPERS}
local found = {}
local seqs = {}
local limit = tonumber(ARGV[3])
for _, state in ipairs(cjson.decode(ARGV[1])) do
  for _, seq in ipairs(redis.call('ZRANGEBYSCORE', key('S:' .. state), '(' .. ARGV[2], '+inf', 'LIMIT', 0, limit)) do
    seqs[#seqs + 1] = tonumber(seq)
  end
end
table.sort(seqs)
for at = 1, math.min(limit, #seqs) do found[at] = redis.call('HGET', key('people'), tostring(seqs[at])) end
return found
`;

/** ARGV: allowed current states as JSON, new state, reason or '', now, end time or ''. Returns 1 if the state was allowed. */
export const MOVE = `${HELPERS}
local state = redis.call('HGET', key('campaign'), 'state')
for _, from in ipairs(cjson.decode(ARGV[1])) do
  if state == from then
    redis.call('HSET', key('campaign'), 'state', ARGV[2], 'reason', ARGV[3], 'endedAt', ARGV[5])
    if ARGV[2] == 'running' then redis.call('HSETNX', key('campaign'), 'startedAt', ARGV[4]) end
    return 1
  end
end
return 0
`;

/** ARGV: settings, now, when a draft is stale. Returns 1 if it was created; its old keys must be deleted. */
export const CREATE = `${HELPERS}
local found = redis.call('HMGET', key('campaign'), 'state', 'workerAt')
if found[1] and (found[1] ~= 'draft' or tonumber(found[2]) > tonumber(ARGV[3])) then return 0 end
redis.call('DEL', key('campaign'), key('people'), key('recipients'), key('leases'), key('busy'), key('doubts'), key('placed'))
for _, state in ipairs({ 'waiting', 'skipped' }) do redis.call('DEL', key('S:' .. state)) end
if found[1] then
  local settings = cjson.decode(redis.call('HGET', key('campaign'), 'settings') or '{"message":{"numberIds":[]}}')
  for _, number in ipairs(settings.message.numberIds) do redis.call('DEL', key('due:' .. number)) end
  redis.call('DEL', key('due:'))
end
redis.call('HSET', key('campaign'), 'state', 'draft', 'reason', '', 'settings', ARGV[1], 'plan', '', 'createdAt', ARGV[2],
  'endedAt', '', 'workerAt', ARGV[2], 'slowUntil', '0', 'rateAt', '0', 'turnBy', '', 'turnUntil', '0', 'lastSeq', '0')
return 1
`;

/** ARGV: the state that it must be in or '', names of the keys as JSON. Returns 1 if they were removed. */
export const REMOVE = `${HELPERS}
if ARGV[1] ~= '' and redis.call('HGET', key('campaign'), 'state') ~= ARGV[1] then return 0 end
for _, name in ipairs(cjson.decode(ARGV[2])) do redis.call('UNLINK', key(name)) end
return 1
`;

/** ARGV: until. */
export const SLOW = `${HELPERS}
if tonumber(redis.call('HGET', key('campaign'), 'slowUntil') or '0') < tonumber(ARGV[1]) then
  redis.call('HSET', key('campaign'), 'slowUntil', ARGV[1])
end
return 1
`;

/** ARGV: worker, now, until. */
export const TURN = `${HELPERS}
local found = redis.call('HMGET', key('campaign'), 'turnBy', 'turnUntil')
if found[1] ~= ARGV[1] and tonumber(found[2] or '0') > tonumber(ARGV[2]) then return 0 end
redis.call('HSET', key('campaign'), 'turnBy', ARGV[1], 'turnUntil', ARGV[3], 'workerAt', ARGV[2])
return 1
`;
