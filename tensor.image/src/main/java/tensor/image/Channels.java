package tensor.image;

/// What of the colours of a picture becomes a channel.
public enum Channels {
    /// The brightness: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601).
    GRAY(1),

    /// Red, green and blue.
    RGB(3),

    /// Red, green, blue and opacity, which is 1 where the picture has none.
    RGBA(4);

    private final int count;

    Channels(int count) {
        this.count = count;
    }

    /// {@return how many channels there are}
    public int count() {
        return count;
    }

    /// {@return one channel of a colour, from 0 to 1}
    ///
    /// @param argb opacity, red, green and blue, 8 bits each
    float of(int argb, int channel) {
        int red = argb >> 16 & 0xff;
        int green = argb >> 8 & 0xff;
        int blue = argb & 0xff;
        return switch (this) {
            case GRAY -> (float) ((0.299 * red + 0.587 * green + 0.114 * blue) / 255);
            case RGB, RGBA ->
                    switch (channel) {
                        case 0 -> red / 255f;
                        case 1 -> green / 255f;
                        case 2 -> blue / 255f;
                        default -> (argb >>> 24) / 255f;
                    };
        };
    }

    /// {@return one channel of a shade of grey: all but the opacity are its brightness}
    static float ofGrey(float brightness, float opacity, int channel) {
        return channel == 3 ? opacity : brightness;
    }

    /// {@return the colour of such channels, 8 bits each of opacity, red, green and blue}
    ///
    /// @param values the channels of all pixels, one channel after the other
    /// @param pixel the number of the pixel
    /// @param pixels how many there are
    int argb(float[] values, int pixel, int pixels) {
        int red = level(values[pixel]);
        if (this == GRAY) {
            return 0xff << 24 | red << 16 | red << 8 | red;
        }
        int green = level(values[pixels + pixel]);
        int blue = level(values[2 * pixels + pixel]);
        int opacity = this == RGBA ? level(values[3 * pixels + pixel]) : 0xff;
        return opacity << 24 | red << 16 | green << 8 | blue;
    }

    /// NaN is black.
    private static int level(float value) {
        return Math.round(Math.clamp(value, 0f, 1f) * 255);
    }
}
