package loops.core.training;

/// What is being done with a module at a moment.
public enum Activity {
    /// Its parameters are being learned.
    TRAINING("train"),
    /// A few validation batches are tried before training, to find errors early.
    SANITY_CHECK("sanity check"),
    /// It is being measured on validation data.
    VALIDATION("validate"),
    /// It is being measured on test data.
    TEST("test"),
    /// Its predictions are wanted.
    PREDICTION("predict");

    private final String verb;

    Activity(String verb) {
        this.verb = verb;
    }

    /// {@return the activity in a word or two, for messages: `"validate"`}
    public String verb() {
        return verb;
    }
}
