-- What waits in one shard; after the line that sets `time`, without common.lua. Reads only.
-- KEYS  1 due   2 graves
-- ->    {conversations that are due, since when the first of them is (ms) or nil, conversations with dead letters}

local NOW = math.floor((tonumber(time[1]) * 1000000 + tonumber(time[2])) / 1000)
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
local due = redis.call('ZCOUNT', KEYS[1], '-inf', NOW)
return { due, due > 0 and tonumber(first[2]), redis.call('ZCARD', KEYS[2]) }
