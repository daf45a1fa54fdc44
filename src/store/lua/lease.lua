-- Leases a conversation that is due; sets its alarm right when it is not.
-- ->    nil | {epoch, tries, session or nil, inbox, and if that is to wait: id, attempts, since, payload of the outbox
--       entry now marked as being sent}. Neither inbox nor entry: the alarm is due.

if ends > NOW then return false end
ends = 0
local due = due_at()
if not due or due > NOW then
  save()
  return false
end
take()
if can_turn() or outbox == '' then
  save()
  return { epoch, tries, session_or_none(), inbox }
end
attempts = attempts + 1
save()
local since, id, first, last = entry_at(1)
return { epoch, tries, session_or_none(), '', id, attempts, since, string.sub(outbox, first, last) }
