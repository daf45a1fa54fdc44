-- Takes or keeps what only one node may have, or gives it back. After the line that sets `time`, as common.lua.
-- KEYS  1 name: end (ms, double) .. holder
-- ARGV  1 holder   2 for how long (ms), 0 gives it back
-- ->    1 when it is the holder's now, else 0

local holder, ms = ARGV[1], tonumber(ARGV[2])
local NOW = math.floor((tonumber(time[1]) * 1000000 + tonumber(time[2])) / 1000)
local packed = redis.call('GET', KEYS[1])
local others = packed and string.sub(packed, 9) ~= holder and struct.unpack('<d', packed) > NOW
if others then return 0 end
if ms > 0 then
  redis.call('SET', KEYS[1], struct.pack('<d', NOW + ms) .. holder, 'PX', ms)
  return 1
end
redis.call('DEL', KEYS[1])
return 0
