package tensor.api;

import java.util.ArrayList;
import java.util.List;
import tensor.spi.Availability;
import tensor.spi.BackendProvider;

/// Which device `auto` is, and why not the others.
///
/// @param name of the device
/// @param others why each backend that comes before is not taken
record Choice(String name, List<String> others) {

    /// {@return the first device that accelerates, else the CPU}
    ///
    /// @param providers in the order in which they are asked
    static Choice among(List<BackendProvider> providers) {
        List<String> others = new ArrayList<>();
        for (BackendProvider provider : providers) {
            String name = provider.name();
            if (name.equals("cpu")) {
                continue;
            }
            switch (provider.availability()) {
                case Availability.Available(var devices) -> {
                    for (int i = 0; i < devices.size(); i++) {
                        if (devices.get(i).accelerates()) {
                            return new Choice(i == 0 ? name : name + ":" + i, others);
                        }
                    }
                    others.add(name + ": no faster than cpu");
                }
                case Availability.Unavailable(String reason) -> others.add(name + ": " + reason);
            }
        }
        return new Choice("cpu", others);
    }

    @Override
    public String toString() {
        String reasons = others.isEmpty() ? "" : " (not " + String.join("; not ", others) + ")";
        return "device 'auto' is " + name + reasons;
    }
}
