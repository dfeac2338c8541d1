// How high the sun stands (Meeus, low precision): the sine of its height, -1 at deepest night to 1.
const radians = (degrees) => (degrees * Math.PI) / 180;

export function sunHeight(now, latitude, longitude) {
  const days = now / 86400000 - 10957.5; // since noon of 1 January 2000
  const anomaly = radians(357.53 + 0.98560028 * days);
  const ecliptic = radians(280.46 + 0.98564736 * days + 1.915 * Math.sin(anomaly));
  const declination = Math.asin(0.3978 * Math.sin(ecliptic));
  const hour = radians(((now / 3600000) % 24 - 12) * 15 + longitude);
  return (
    Math.sin(radians(latitude)) * Math.sin(declination) +
    Math.cos(radians(latitude)) * Math.cos(declination) * Math.cos(hour)
  );
}
