-- Gives a lease back unfinished.
-- ARGV  1 epoch   2 '' (it does not count as a try) | kept from everybody for so long (ms), and counts
-- ->    1 when it was still held, else 0

if not holds(ARGV[1]) then return 0 end
if ARGV[2] == '' then
  ends, tries = 0, math.max(tries - 1, 0)
else
  ends = math.max(NOW + tonumber(ARGV[2]), 1)
end
save()
return 1
