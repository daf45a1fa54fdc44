-- Put before every script, after a line that sets `time` to the reply of TIME (the server's clock, never a node's).
--
-- KEYS (of one shard, hence one slot; `due.lua` has its own)
--   1 session  string   the encrypted session; expires when untouched
--   2 seen     string   12 bytes a message: 8 of its id, 4 of when it came (s, little endian); oldest first
--   3 state    string   3 doubles: epoch and end (ms) of the lease, both 0 when nobody holds it; alarm (ms), 0 for none
--   4 inbox    list     id (8 bytes) .. payload
--   5 outbox   list     attempts (u32), since (ms, double), not before (ms, double), length of id (u8), id, payload
--   6 due      zset     conversation -> when somebody has to look at it (ms): end of lease, retry, grace period, alarm
--   7 epoch    string   the last fencing token of the shard
-- ARGV
--   1 conversation   2 length of a lease (ms)   3… see the script
--
-- Every script does all its reads and checks before its first write: Redis does not roll back.

local SESSION, SEEN, STATE, INBOX, OUTBOX, DUE, EPOCH = unpack(KEYS)
local ID, LEASE_MS = ARGV[1], tonumber(ARGV[2])
local NOW_US = math.floor(tonumber(time[1]) * 1000000 + tonumber(time[2]) + 0.5)
local NOW = math.floor(NOW_US / 1000)

-- Unfinished work that nobody has taken up so long after it was due is given up: everything expires.
local KEEP_MS = 30 * 24 * 60 * 60 * 1000
-- Longer than the farthest alarm (400 days) and KEEP_MS together.
local DUE_KEEP_MS = 431 * 24 * 60 * 60 * 1000

local function keep(at)
  return math.max(at - NOW, 0) + KEEP_MS
end

-- -> epoch, end of the lease, alarm
local function read_state()
  local packed = redis.call('GET', STATE)
  if not packed then return 0, 0, 0 end
  return struct.unpack('<ddd', packed)
end

-- A read: the caller writes it with `hold`. Rises even when the clock stands still or is set back.
local function next_epoch()
  return math.max(NOW_US, tonumber(redis.call('GET', EPOCH) or 0) + 1)
end

local function pack_entry(attempts, since, not_before, id, payload)
  return struct.pack('<I4ddB', attempts, since, not_before, #id) .. id .. payload
end

local function entry_id(entry)
  return string.sub(entry, 22, 21 + string.byte(entry, 21))
end

local function not_before(entry)
  return (struct.unpack('<d', entry, 13))
end

local function wait_until(entry, at)
  return string.sub(entry, 1, 12) .. struct.pack('<d', at) .. string.sub(entry, 21)
end

local function mark(entry)
  return struct.pack('<I4', struct.unpack('<I4', entry) + 1) .. string.sub(entry, 5)
end

-- When somebody has to look at a conversation that nobody holds; nil for never. Sends block one another, an alarm
-- waits for both; what came in waits for nothing.
local function next_due(has_inbox, head, alarm)
  if has_inbox then return NOW end
  if head then return not_before(head) end
  if alarm > 0 then return alarm end
  return nil
end

local function set_due(at)
  redis.call('ZADD', DUE, at, ID)
  redis.call('PEXPIRE', DUE, DUE_KEEP_MS)
end

local function save_state(epoch, ends, alarm)
  redis.call('SET', STATE, struct.pack('<ddd', epoch, ends, alarm), 'PX', keep(math.max(ends, alarm)))
end

-- Takes or extends the lease.
local function hold(epoch, alarm)
  local ends = NOW + LEASE_MS
  save_state(epoch, ends, alarm)
  set_due(ends)
end

local function save_epoch(epoch)
  redis.call('SET', EPOCH, string.format('%.0f', epoch), 'PX', KEEP_MS)
end

-- Gives the lease back.
local function let_go(alarm, due)
  if alarm > 0 then save_state(0, 0, alarm) else redis.call('DEL', STATE) end
  if not due then
    redis.call('ZREM', DUE, ID)
    return
  end
  set_due(due)
  redis.call('PEXPIRE', INBOX, keep(due))
  redis.call('PEXPIRE', OUTBOX, keep(due))
end

local function can_send(head)
  return head and not_before(head) <= NOW
end

-- The end of commit and settle. `head` is the outbox's first entry, `inbox` is read when that cannot be sent.
-- -> {'send', entry} | {'turn', {inbox entries}} | {'released'}
local function go_on(epoch, alarm, head, inbox)
  if can_send(head) then
    local marked = mark(head)
    redis.call('LSET', OUTBOX, 0, marked)
    hold(epoch, alarm)
    return { 'send', marked }
  end
  if #inbox > 0 then
    hold(epoch, alarm)
    return { 'turn', inbox }
  end
  let_go(alarm, next_due(false, head, alarm))
  return { 'released' }
end
