package examples;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import tensor.api.Device;

/// The values that options of the examples take.
final class Values {
    private Values() {}

    /// A number of folds.
    static final class Folds extends WholeNumber {
        Folds() {
            super(2, 1000);
        }
    }

    /// A number from 1.
    static final class FromOne extends WholeNumber {
        FromOne() {
            super(1, 1_000_000);
        }
    }

    /// A number of steps.
    static final class Steps extends WholeNumber {
        Steps() {
            super(1, Integer.MAX_VALUE);
        }
    }

    /// A number of hidden units.
    static final class Units extends WholeNumber {
        Units() {
            super(1, 65_536);
        }
    }

    /// A seed.
    static final class Seed extends WholeNumber {
        Seed() {
            super(0, Integer.MAX_VALUE);
        }
    }

    /// A learning rate.
    static final class Rate extends Decimal {
        Rate() {
            super("above 0", rate -> rate > 0);
        }
    }

    /// A momentum.
    static final class Momentum extends Decimal {
        Momentum() {
            super("from 0 to below 1", share -> share >= 0 && share < 1);
        }
    }

    /// The name of a device that is there.
    static final class DeviceName implements ITypeConverter<String> {
        @Override
        public String convert(String name) {
            try {
                return Device.of(name).name();
            } catch (IllegalArgumentException | IllegalStateException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
