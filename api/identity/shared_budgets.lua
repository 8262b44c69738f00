-- Adds what one process has charged to the accounts of several holders, and returns what all processes have.
-- KEYS: an account each. ARGV: milliseconds of a window, then of each account: quota, spent, owed since the last time.
-- Returns of each account: spent, owed, milliseconds until its window ends.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local window = tonumber(ARGV[1])
local told = {}
for each, key in ipairs(KEYS) do
  local quota = tonumber(ARGV[each * 3 - 1])
  local known = redis.call('HMGET', key, 'spent', 'owed', 'ends')
  local spent, owed, ends = tonumber(known[1] or 0), tonumber(known[2] or 0), tonumber(known[3] or 0)
  if now >= ends then
    -- What was overdrawn is paid by the windows after it, a quota each.
    local windows = ends == 0 and 1 or math.floor((now - ends) / window) + 1
    owed = math.max(0, spent + owed - quota * windows)
    spent, ends = 0, now + window
  end
  spent = spent + tonumber(ARGV[each * 3])
  owed = owed + tonumber(ARGV[each * 3 + 1])
  redis.call('HSET', key, 'spent', spent, 'owed', owed, 'ends', ends)
  redis.call('PEXPIRE', key, ends - now + window * math.ceil((spent + owed) / quota))
  table.insert(told, spent)
  table.insert(told, owed)
  table.insert(told, ends - now)
end
return told
