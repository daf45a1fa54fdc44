-- Ends a send. An entry that is not the first any more was confirmed meanwhile: nothing to settle, go on.
-- KEYS  dead and graves only for 'aside'
-- ARGV  1 epoch   2 id of the entry   3 'done' (sent or refused) | 'wait' | 'aside'   4 wait so long for the next try (ms)
-- ->    'lost' | what `go_on` says

if not holds(ARGV[1]) then return 'lost' end
if outbox ~= '' then
  local _, id, first, last = entry_at(1)
  if id == ARGV[2] then
    if ARGV[3] == 'wait' then
      not_before = NOW + tonumber(ARGV[4])
    else
      if ARGV[3] == 'aside' then bury('r', id, string.sub(outbox, first, last)) end
      drop_head(last)
    end
  end
end
return go_on()
