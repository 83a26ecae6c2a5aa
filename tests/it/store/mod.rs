mod changes;
mod renewal;
