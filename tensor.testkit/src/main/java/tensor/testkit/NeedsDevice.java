package tensor.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// Skips the tests of a class, with the reason, where a device cannot work.
///
/// With `-Drequire.NAME=true` they are not skipped: there the device must be.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(DeviceCondition.class)
public @interface NeedsDevice {

    /// {@return the name of the device, as in `Device.of(name)`}
    String value();
}
