/// A training that names no backend: `loops.core` alone, and a device by its name.
module any.backend {
    requires loops.core;
}
