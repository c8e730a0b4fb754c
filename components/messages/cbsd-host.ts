export const cbsdHost = { offline: 'offline' }
