-- What is used and reserved of budgets.
--
-- A counter is a hash: the sums "used" and "reserved", and a record of each stream that holds something:
-- "h|version|amount" while it is active, "u|version|amount" for a while after it ended. The leases of these
-- records are a sorted set. Amounts stay strings wherever they are added up, since Lua's numbers are not exact.
--
-- KEYS: for each counter its hash, its leases, and the set of the budget's values
-- ARGV: what to do, the stream's id, the version of what it holds, the lease in milliseconds,
--       then for each counter: amount, limit, milliseconds that it is kept, and the tag's value
-- Calls may come twice, and late: only a newer version than that of the record changes anything.

local operation = ARGV[1]

if operation == 'values' then
  return redis.call('SRANDMEMBER', KEYS[1], ARGV[2])
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function add(counter, sum, amount)
  if amount ~= '0' then
    redis.call('HINCRBY', counter, sum, amount)
  end
end

local function subtract(counter, sum, amount)
  if amount ~= '0' then
    redis.call('HINCRBY', counter, sum, '-' .. amount)
  end
end

local function record(counter, id)
  local found = redis.call('HGET', counter, id)
  if found then
    return string.match(found, '^(%a)|(%d+)|(%d+)$')
  end
end

-- What nobody renews is free again; what was used stays used.
local function expire(counter, leases)
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now, 'LIMIT', 0, 100)) do
    local state, _, amount = record(counter, id)
    if state == 'h' then
      subtract(counter, 'reserved', amount)
    end
    redis.call('HDEL', counter, id)
    redis.call('ZREM', leases, id)
  end
end

local function sum(counter, name)
  return redis.call('HGET', counter, name) or '0'
end

if operation == 'read' then
  local sums = {}
  for i = 1, #KEYS, 2 do
    expire(KEYS[i], KEYS[i + 1])
    sums[#sums + 1] = sum(KEYS[i], 'used')
    sums[#sums + 1] = sum(KEYS[i], 'reserved')
  end
  return sums
end

local id, version, lease = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local reserving = operation == 'reserve'
local count = #KEYS / 3

local function newer(known)
  return not known or tonumber(known) < version
end

if reserving then
  for i = 1, count do
    local counter, leases = KEYS[3 * i - 2], KEYS[3 * i - 1]
    local amount, limit = tonumber(ARGV[4 * i + 1]), tonumber(ARGV[4 * i + 2])
    expire(counter, leases)
    local state, known, held = record(counter, id)
    if newer(known) and amount - (state and tonumber(held) or 0) >
        limit - tonumber(sum(counter, 'used')) - tonumber(sum(counter, 'reserved')) then
      return { tostring(i - 1) }
    end
  end
end

for i = 1, count do
  local counter, leases, values = KEYS[3 * i - 2], KEYS[3 * i - 1], KEYS[3 * i]
  local amount, kept, value = ARGV[4 * i + 1], tonumber(ARGV[4 * i + 3]), ARGV[4 * i + 4]
  local state, known, held = record(counter, id)
  if kept > 0 and newer(known) then
    if state then
      subtract(counter, state == 'h' and 'reserved' or 'used', held)
    end
    add(counter, reserving and 'reserved' or 'used', amount)
    redis.call('HSET', counter, id, (reserving and 'h|' or 'u|') .. ARGV[3] .. '|' .. amount)
    redis.call('ZADD', leases, now + lease, id)
    redis.call('SADD', values, value)
    redis.call('PEXPIRE', counter, kept)
    redis.call('PEXPIRE', leases, kept)
    redis.call('PEXPIRE', values, kept)
  end
end
return { '-1' }
