import org.jspecify.annotations.NullMarked;

/// What training is: the trainer, its loop tree, modules that can be trained, checkpoints.
@NullMarked
module loops.core {
    requires transitive loops.api;
    requires static transitive org.jspecify;
    requires transitive tensor.nn;
    requires tools.jackson.core;

    exports loops.core;
    exports loops.core.callback;
    exports loops.core.checkpoint;
    exports loops.core.logger;
    exports loops.core.loop;
    exports loops.core.training;
    exports loops.core.tune;
}
