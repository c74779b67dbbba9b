package tensor.api;

import java.io.Serial;

/// Says which operation gave the first NaN, at which place of its result, and which line called it; see [AnomalyMode].
public final class AnomalyException extends ArithmeticException {
    @Serial private static final long serialVersionUID = 1L;

    AnomalyException(String message) {
        super(message);
    }
}
