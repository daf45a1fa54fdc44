-- A platform says that an outbox entry arrived: a fact, accepted without a lease.
-- ARGV  1 id of the entry
-- ->    1 when it was still there, else 0

local at = 1
while at < #outbox do
  local _, id, _, last = entry_at(at)
  if id == ARGV[1] then
    if at == 1 then
      drop_head(last)
    else
      outbox, outbox_count = string.sub(outbox, 1, at - 1) .. string.sub(outbox, last + 1), outbox_count - 1
    end
    -- Something went on: whoever is to blame for a lease that ran out, it was not what comes next.
    tries = 0
    -- While the conversation is held, or was until its lease ran out, the end of the lease is its alarm.
    save()
    return 1
  end
  at = last + 1
end
if AWAITED and epoch > 0 then save() end
return 0
