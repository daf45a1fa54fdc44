-- Ends a turn: session, consumed inbox, new outbox entries, alarm.
-- ARGV  3 epoch   4 keep the session for (ms), 0 deletes it   5 session   6 consumed inbox entries
--       7 alarm (ms), 0 for none   8… id, payload of each new outbox entry
-- ->    {'lost'} | {'overrun'} (consumed more than there is; nothing was changed) | what `go_on` says

local epoch = read_state()
if epoch ~= tonumber(ARGV[3]) then return { 'lost' } end

local keep_ms, consumed, alarm = tonumber(ARGV[4]), tonumber(ARGV[6]), tonumber(ARGV[7])
if consumed > redis.call('LLEN', INBOX) then return { 'overrun' } end

local head = redis.call('LINDEX', OUTBOX, 0)
local entries = {}
for i = 8, #ARGV, 2 do
  entries[#entries + 1] = pack_entry(0, NOW, 0, ARGV[i], ARGV[i + 1])
end
head = head or entries[1]
local inbox = {}
if not can_send(head) then inbox = redis.call('LRANGE', INBOX, consumed, -1) end

if keep_ms > 0 then redis.call('SET', SESSION, ARGV[5], 'PX', keep_ms) else redis.call('DEL', SESSION) end
if consumed > 0 then redis.call('LTRIM', INBOX, consumed, -1) end
for i = 1, #entries do
  redis.call('RPUSH', OUTBOX, entries[i])
end
if #entries > 0 then redis.call('PEXPIRE', OUTBOX, KEEP_MS) end
return go_on(epoch, alarm, head, inbox)
