-- A platform says that an outbox entry arrived: a fact, accepted without a lease.
-- ARGV  1 id of the entry
-- ->    1 when it was still there, else 0

local at = 1
while at < #outbox do
  local bytes, _, _, _, id_bytes = struct.unpack(ENTRY, outbox, at)
  if string.sub(outbox, at + ENTRY_BYTES, at + ENTRY_BYTES + id_bytes - 1) == ARGV[1] then
    outbox = string.sub(outbox, 1, at - 1) .. string.sub(outbox, at + 4 + bytes)
    -- While the conversation is held, or was until its lease ran out, the end of the lease is its alarm.
    save()
    return 1
  end
  at = at + 4 + bytes
end
if REPLICATED and epoch > 0 then save() end
return 0
