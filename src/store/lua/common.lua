-- Put before every script on one conversation, after a line that sets `time` to the reply of TIME (the server's
-- clock, never a node's). It reads the conversation; a script then checks, changes the locals below, and saves.
--
-- KEYS (of one shard, hence one slot)
--   1 record  string   all of a conversation, see HEADER and BUSY; expires when nothing in it is of use any more
--   2 due     zset     conversation -> when somebody has to look at it (ms): end of lease, retry, grace period, alarm
--   3 older   string   ids of messages that found no room in the record any more, as `seen`; for accept.lua only
--   3 dead    hash     id -> kind (1 byte), since (6 bytes, ms), payload: set aside for an operator
--   4 graves  zset     conversation -> since when it has dead letters (ms)
-- Before it stand, too: SEEN_MS, INBOX_MAX, OUTBOX_MAX, LEASE_MS (how long a lease holds), AWAITED (writes are waited for, and
-- WAIT counts only writes).
--
-- Every script does all its reads and checks before its first write: Redis does not roll back.

local RECORD, DUE = KEYS[1], KEYS[2]
local ID = string.sub(RECORD, -22)
local NOW_US = math.floor(tonumber(time[1]) * 1000000 + tonumber(time[2]) + 0.5)
local NOW = math.floor(NOW_US / 1000)

local DAY_MS = 24 * 60 * 60 * 1000
-- Unfinished work that nobody has taken up so long after it was due is given up, and so are dead letters.
local KEEP_MS = 30 * DAY_MS
-- Longer than the farthest alarm (400 days) and KEEP_MS together.
local DUE_KEEP_MS = 431 * DAY_MS

-- flags (1: BUSY follows, 2: there are older ids), last fencing token, session until (ms, 0: there is none), lengths of
-- session and seen.
local HEADER = '<I1I7I6I3I3'
local HEADER_BYTES = 20
-- What only a conversation has in which something goes on: end of the lease (ms, 0: nobody holds it), alarm (ms, 0: none),
-- leases since the last progress; of the first outbox entry: attempts, and not before (ms); number of inbox entries,
-- length of inbox, number of outbox entries.
local BUSY = '<I6I6I1I4I6I1I4I2'
local BUSY_BYTES = 30
-- Then the session (sealed), seen (12 bytes a message, oldest first: 8 of its id, 4 of when it came, in s), inbox (u32
-- length, 8 bytes of id, payload), and to the end the outbox (u32 length, since (6 bytes, ms), u8 length of id, id,
-- payload). All little endian. Most of what a server keeps are idle conversations: they are to be small.
-- Redis' Lua hashes every string it makes, byte by byte: what is long is cut and joined as seldom as can be.
local ENTRY = '<I4I6I1'
local ENTRY_BYTES = 11

local epoch, ends, alarm, session_until, tries, has_older, attempts, not_before = 0, 0, 0, 0, 0, 0, 0, 0
local session, seen, inbox_count, inbox, outbox_count, outbox = '', '', 0, '', 0, ''
do
  local record = redis.call('GET', RECORD)
  if record then
    local flags, session_bytes, seen_bytes
    local at, inbox_bytes = HEADER_BYTES, 0
    flags, epoch, session_until, session_bytes, seen_bytes = struct.unpack(HEADER, record)
    has_older = math.floor(flags / 2)
    if flags % 2 == 1 then
      ends, alarm, tries, attempts, not_before, inbox_count, inbox_bytes, outbox_count =
        struct.unpack(BUSY, record, at + 1)
      at = at + BUSY_BYTES
    end
    session = string.sub(record, at + 1, at + session_bytes)
    at = at + session_bytes
    seen = string.sub(record, at + 1, at + seen_bytes)
    at = at + seen_bytes
    inbox = string.sub(record, at + 1, at + inbox_bytes)
    outbox = string.sub(record, at + inbox_bytes + 1)
    if session_until <= NOW then session, session_until = '', 0 end
  end
end

-- Messages wait while too many replies do: they would be answered after those in any case, and the record stays small.
local function can_turn()
  return inbox_count > 0 and outbox_count < OUTBOX_MAX
end

-- When somebody has to look at the conversation; nil for never. Sends block one another, an alarm waits for both.
local function due_at()
  if ends > 0 then return ends end
  if can_turn() then return NOW end
  if outbox ~= '' then return not_before end
  if alarm > 0 then return alarm end
  return nil
end

-- The one write of every script.
local function save()
  local due = due_at()
  -- Whoever held it lately must find its fencing token, even after all else was forgotten.
  local ttl = math.max(session_until, math.floor(epoch / 1000) + DAY_MS) - NOW
  if seen ~= '' then ttl = math.max(ttl, struct.unpack('<I4', seen, #seen - 3) * 1000 + SEEN_MS + 1000 - NOW) end
  if due then
    if redis.call('ZADD', DUE, due, ID) == 1 then redis.call('PEXPIRE', DUE, DUE_KEEP_MS) end
    ttl = math.max(ttl, math.max(due - NOW, 0) + KEEP_MS)
  else
    redis.call('ZREM', DUE, ID)
  end
  if ttl <= 0 then
    redis.call('DEL', RECORD)
    return
  end
  local is_busy = ends > 0 or alarm > 0 or tries > 0 or inbox_count > 0 or outbox_count > 0
  local header = struct.pack(HEADER, (is_busy and 1 or 0) + 2 * has_older, epoch, session_until, #session, #seen)
  if is_busy then
    header = header .. struct.pack(BUSY, ends, alarm, math.min(tries, 255), attempts, not_before, inbox_count, #inbox, outbox_count)
  end
  redis.call('SET', RECORD, header .. session .. seen .. inbox .. outbox, 'PX', ttl)
end

local function session_or_none()
  return session_until > 0 and session
end

-- Takes the lease; a fencing token rises even when the clock stands still or is set back.
local function take()
  epoch, ends, tries = math.max(NOW_US, epoch + 1), NOW + LEASE_MS, tries + 1
end

local function holds(token)
  return ends > 0 and epoch == tonumber(token)
end

-- -> since, id of the outbox entry at a place, where its payload begins and where it ends
local function entry_at(at)
  local bytes, since, id_bytes = struct.unpack(ENTRY, outbox, at)
  local id_end = at + ENTRY_BYTES + id_bytes - 1
  return since, string.sub(outbox, at + ENTRY_BYTES, id_end), id_end + 1, at + 3 + bytes
end

local function pack_entry(since, id, payload)
  return struct.pack(ENTRY, ENTRY_BYTES - 4 + #id + #payload, since, #id) .. id .. payload
end

-- The first outbox entry is over; the next one begins anew.
local function drop_head(last)
  outbox, outbox_count = string.sub(outbox, last + 1), outbox_count - 1
  attempts, not_before = 0, 0
end

-- The end of commit and settle: something went on, so it is held anew, or given back.
-- -> {'send', id, attempts, since, payload or nil where the caller knows it} | {'turn', inbox} | {'released'}
local function go_on(is_known)
  tries = 0
  local can_send = outbox ~= '' and not_before <= NOW
  if not can_send and not can_turn() then
    ends = 0
    save()
    return { 'released' }
  end
  ends = NOW + LEASE_MS
  if not can_send then
    save()
    return { 'turn', inbox }
  end
  attempts = attempts + 1
  save()
  local since, id, first, last = entry_at(1)
  return { 'send', id, attempts, since, not is_known and string.sub(outbox, first, last) }
end

local function bury(kind, id, payload)
  redis.call('HSET', KEYS[3], id, kind .. struct.pack('<I6', NOW) .. payload)
  redis.call('PEXPIRE', KEYS[3], KEEP_MS)
  redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', NOW - KEEP_MS)
  redis.call('ZADD', KEYS[4], NOW, ID)
end
