-- Puts what version 1 kept of a conversation under five keys into one record. After common.lua, whose record is what was
-- there before: nothing, or what an earlier try of this wrote.
-- KEYS  1 record   2 due   3 session   4 seen   5 state   6 inbox   7 outbox (the last five as version 1 had them)
-- ->    1

local state = redis.call('GET', KEYS[5])
if state then epoch, ends, alarm = struct.unpack('<ddd', state) end
local packed = redis.call('GET', KEYS[3])
if packed then
  session, session_until = packed, NOW + math.max(redis.call('PTTL', KEYS[3]), 1)
end
seen = redis.call('GET', KEYS[4]) or seen
for _, entry in ipairs(redis.call('LRANGE', KEYS[6], 0, -1)) do
  inbox, inbox_count = inbox .. struct.pack('<I4', #entry) .. entry, inbox_count + 1
end
for i, entry in ipairs(redis.call('LRANGE', KEYS[7], 0, -1)) do
  local tried, since, earliest, id_bytes = struct.unpack('<I4ddB', entry)
  if i == 1 then attempts, not_before = tried, earliest end
  outbox_count = outbox_count + 1
  outbox = outbox .. pack_entry(since, string.sub(entry, 22, 21 + id_bytes), string.sub(entry, 22 + id_bytes))
end
save()
redis.call('DEL', KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7])
return 1
