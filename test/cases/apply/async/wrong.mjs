export default async (r) => r;
