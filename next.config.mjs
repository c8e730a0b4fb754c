/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // The server has its own security headers and its own static files; Next only renders.
  productionBrowserSourceMaps: false,
  images: { unoptimized: true },
  // `npm test` checks types; a build on a user's machine need not.
  typescript: { ignoreBuildErrors: true },
  devIndicators: false,
}

export default config
