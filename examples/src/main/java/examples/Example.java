package examples;

import java.util.concurrent.Callable;

/// A program to run: a picocli command whose `call` does the work and returns the exit status.
///
/// Its `@Command` gives the name and, as the first line of the description, what `loops list` says of
/// it. Its options check their values while they are read, by [WholeNumber], [Decimal] or a converter of
/// its own, so that nothing is written where a value is bad.
public interface Example extends Callable<Integer> {}
