-- Ends a turn: session, consumed inbox, new outbox entries, alarm, what is set aside.
-- KEYS  dead and graves only where the session is deleted or something is set aside
-- ARGV  1 epoch   2 keep the session for (ms), 0 deletes it   3 session   4 consumed inbox entries
--       5 alarm (ms), 0 for none   6 number of new outbox entries   7… id, payload of each; then kind, id, payload of
--       each that is set aside
-- ->    'lost' | 'overrun' (consumed more than there is; nothing was changed) | what `go_on` says, without the payload
--       of an entry that is new

if not holds(ARGV[1]) then return 'lost' end
local keep_ms, consumed = tonumber(ARGV[2]), tonumber(ARGV[4])
if consumed > inbox_count then return 'overrun' end

local at = 1
for _ = 1, consumed do at = at + 4 + struct.unpack('<I4', inbox, at) end
inbox, inbox_count = string.sub(inbox, at), inbox_count - consumed

local first_aside = 7 + 2 * tonumber(ARGV[6])
local nothing_before = outbox == ''
for i = 7, first_aside - 1, 2 do
  local entry = pack_entry(NOW, ARGV[i], ARGV[i + 1])
  outbox, outbox_count = outbox == '' and entry or outbox .. entry, outbox_count + 1
end

alarm = tonumber(ARGV[5])
if keep_ms > 0 then
  session, session_until = ARGV[3], NOW + keep_ms
else
  session, session_until = '', 0
  redis.call('DEL', KEYS[3])
  redis.call('ZREM', KEYS[4], ID)
end
for i = first_aside, #ARGV, 3 do bury(ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
return go_on(nothing_before)
