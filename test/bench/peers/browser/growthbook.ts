export { GrowthBook } from '@growthbook/growthbook';
