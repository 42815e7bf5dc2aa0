export function collectMessages(): Promise<{ readonly messages: string[]; readonly problems: string[] }>;
