/// A loop of its own, written with `loops.api` alone.
module own.loop {
    requires loops.api;
}
