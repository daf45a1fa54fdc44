/** Asks the browser where the person is. Resolves with degrees, or with the word that explains why not. */
export function findPlace() {
  if (!isSecureContext || !navigator.geolocation) return Promise.resolve({ problem: 'placeInsecure' });
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ latitude: coords.latitude, longitude: coords.longitude }),
      (error) =>
        resolve({ problem: error.code === error.PERMISSION_DENIED ? 'placeRefused' : 'placeFailed' }),
      // To within some hundred metres, and soon, is enough to find the nearest office.
      { enableHighAccuracy: false, timeout: 15_000, maximumAge: 300_000 },
    );
  });
}
