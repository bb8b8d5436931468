// Node's own cost.
