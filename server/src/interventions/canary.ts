/** The flag that fire drills kill. Nothing asks for it, so what goes wrong after its kill does not come from that. */
export const CANARY = 'bunting-fire-drill';
