export { StatsigClient } from '@statsig/js-client';
